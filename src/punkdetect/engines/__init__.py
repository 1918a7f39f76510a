"""Where the work of a scan is done: on this machine's cores, or on a cluster.

An engine takes pictures and gives back what is to be written, in order. Knows the pipeline and the formats;
knows no command.
"""
