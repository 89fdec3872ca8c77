"""Every verb once: a library and arguments in, an outcome out.

The shell and the app call the same functions; neither's looks are known here.
"""
