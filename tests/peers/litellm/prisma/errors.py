"""The errors that LiteLLM knows by name; none is raised here."""


class PrismaError(Exception):
    pass


def __getattr__(name: str) -> type[PrismaError]:
    if name.startswith("__"):
        raise AttributeError(name)
    error = type(name, (PrismaError,), {})
    globals()[name] = error
    return error
