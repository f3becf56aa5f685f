from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "apps.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from apps.tenancy.checks import every_model_has_a_class, runtime_role_is_harmless
        from apps.tenancy.context import forget_clock
        from apps.tenancy.policies import sync_after_migrate

        connection_created.connect(forget_clock, dispatch_uid="tenancy.forget_clock")
        post_migrate.connect(sync_after_migrate, dispatch_uid="tenancy.sync_policies")
        checks.register(every_model_has_a_class, checks.Tags.models)
        checks.register(runtime_role_is_harmless, checks.Tags.database)
