from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with the measured parameters of the threat model: 3 passes, 64 MiB, 2 lanes."""

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 2
