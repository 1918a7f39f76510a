"""Pictures that show what was found and how; nothing here decides anything."""
