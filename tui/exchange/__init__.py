"""Papers and files: what is imported and exported, and what comes back from an edited export.

``formats`` turns text into values and back. Here files are read and written, what was exported is
recorded, and what was changed outside since is merged with what was changed in the library.
"""
