"""Frozen dataclasses with slots that are quick to declare.

For each one the standard library writes and compiles six functions, half a millisecond in all, and
the app declares some eighty of them before its first frame. Here only ``__init__`` is compiled, at
the first instance; the other methods are closures over the names of the fields.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    from dataclasses import MISSING, FrozenInstanceError, fields
    from operator import attrgetter

    def dataclass(*, frozen, slots, eq=True, kw_only=False):
        """As ``dataclasses.dataclass``, for frozen classes with slots and no ``__post_init__``."""
        assert (frozen, slots) == (True, True)

        def declare(cls):
            assert not hasattr(cls, "__post_init__"), "it would not be called"
            own = {"init": False, "repr": False, "eq": False}
            cls = dataclasses.dataclass(cls, slots=True, kw_only=kw_only, **own)
            methods = {"__init__": _init(cls), "__repr__": _repr}
            methods |= {"__getstate__": _values, "__setstate__": _set_values}
            if eq:
                methods |= _equality(cls)
            for name, method in methods.items():
                if name not in cls.__dict__:
                    setattr(cls, name, method)
            cls.__setattr__ = cls.__delattr__ = _refuse
            return cls

        return declare

    def _init(cls):
        """The first ``__init__``, which puts the compiled one in its place."""

        def init(self, *args, **kwargs):
            cls.__init__ = _compiled_init(cls)
            cls.__init__(self, *args, **kwargs)

        return init

    def _compiled_init(cls):
        parameters, keywords, lines = ["self"], [], []
        scope = {"MISSING": MISSING}
        for field in fields(cls):
            name = value = parameter = field.name
            scope[f"set_{name}"] = getattr(cls, name).__set__
            if field.default_factory is not MISSING:
                scope[f"make_{name}"] = field.default_factory
                parameter = f"{name}=MISSING"
                value = f"make_{name}() if {name} is MISSING else {name}"
            elif field.default is not MISSING:
                scope[f"default_{name}"] = field.default
                parameter = f"{name}=default_{name}"
            (keywords if field.kw_only else parameters).append(parameter)
            lines.append(f" set_{name}(self, {value})")
        parameters += ["*", *keywords] if keywords else []
        exec("\n".join([f"def __init__({', '.join(parameters)}):", *(lines or [" pass"])]), scope)
        return scope["__init__"]

    def _equality(cls):
        names = [field.name for field in fields(cls) if field.compare]
        values = attrgetter(*names) if names else lambda self: ()

        def equals(self, other):
            return values(self) == values(other) if other.__class__ is cls else NotImplemented

        def hash_of(self):
            return hash(values(self))

        return {"__eq__": equals, "__hash__": hash_of}

    def _repr(self):
        values = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))
        return f"{type(self).__qualname__}({', '.join(values)})"

    def _values(self):
        """The values of the fields, for ``copy`` and ``pickle``."""
        return [getattr(self, field.name) for field in fields(self)]

    def _set_values(self, values):
        for field, value in zip(fields(self), values, strict=True):
            object.__setattr__(self, field.name, value)

    def _refuse(self, name, value=None):
        raise FrozenInstanceError(f"cannot change the field {name!r}")
