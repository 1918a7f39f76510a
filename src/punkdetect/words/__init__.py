"""Words about portraits: what they claim, whether the pixels agree, and new ones made from traits.

`table` holds how words are understood, `claims` reads them out of text, `given` reads files of captions,
labels and metadata, `matching` finds whose they are, `audit` holds claims against reports, `caption` writes
captions. Knows reports and the vocabulary; opens no picture and runs no detector.
"""
