"""What the emulator of Snowflake has for feeds: stages over S3, and masked columns."""

from areas.feeds.tests.emulator import external as external
from areas.feeds.tests.emulator import masking as masking
