"""Fits learned detectors: labelled portraits, augmentation, the network, classical features, model files.

Nothing here is needed to read traits; only `train` and the scripts that renew a shipped model import it.
"""
