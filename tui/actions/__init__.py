"""Every action once: a library and arguments in, an outcome out.

All front ends call the same functions, which know nothing of how an outcome is shown.
"""
