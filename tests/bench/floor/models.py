from django.db import models


class Token(models.Model):
    digest = models.BinaryField(max_length=32, unique=True)
    organisation_id = models.BigIntegerField()


class Platform(models.Model):
    host = models.CharField(max_length=253, unique=True)
    name = models.CharField(max_length=200)


class Referral(models.Model):
    """As many columns and indexes as an item and its referral have between them."""

    organisation_id = models.BigIntegerField()
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT)
    reference = models.CharField(max_length=24, unique=True)
    url = models.TextField()
    url_hash = models.BinaryField(max_length=32)
    category = models.CharField(max_length=80)
    area = models.CharField(max_length=24)
    legal_basis = models.CharField(max_length=500)
    reasons = models.TextField()
    language = models.CharField(max_length=3)
    urgency = models.CharField(max_length=16)
    tlp = models.CharField(max_length=16)
    external_id = models.CharField(max_length=100)
    state = models.CharField(max_length=16)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-created_at", "-id"], name="floor_newest"),
            models.Index(fields=["organisation_id", "url_hash"], name="floor_address"),
            models.Index(fields=["platform", "state", "-created_at"], name="floor_inbox"),
        ]


class Event(models.Model):
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE)
    verb = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)


class Outbox(models.Model):
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE)
    state = models.CharField(max_length=16)
    next_at = models.DateTimeField()
    payload = models.JSONField(default=dict)
