"""MEDIA_STORAGE_URL: the address of the bucket that holds uploaded files."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

VARIABLE = "MEDIA_STORAGE_URL"


def test_an_address_with_everything() -> None:
    url = "s3://KEY:a%2Fb%2Bc@s3.eu-west-2.amazonaws.com/the-bucket/a/folder?region=eu-west-2"
    assert environment.media_store(VARIABLE, url) == {
        "endpoint_url": "https://s3.eu-west-2.amazonaws.com",
        "bucket_name": "the-bucket",
        "location": "a/folder",
        "region_name": "eu-west-2",
        "access_key": "KEY",
        "secret_key": "a/b+c",
    }


def test_an_address_without_keys_leaves_them_to_the_machine() -> None:
    read = environment.media_store(VARIABLE, "s3+http://127.0.0.1:9000/bucket/")
    assert (read["endpoint_url"], read["location"]) == ("http://127.0.0.1:9000", "")
    assert read["access_key"] is read["secret_key"] is None
    assert environment.media_store(VARIABLE, "") == {}


@pytest.mark.parametrize(
    "wrong",
    [
        "bucket",
        "https://sesame:sesame@host/bucket",
        "s3://sesame:sesame@host",
        "s3://sesame:sesame@/bucket",
        "s3://sesame@host/bucket",
        "s3://:sesame@host/bucket",
        "s3://sesame:sesame@host:port/bucket",
        "s3://sesame:sesame@host/B",
        "s3://sesame:sesame@host/bucket/../other",
        "s3://sesame:sesame@host/bucket?acl=public",
        "s3://sesame:sesame@host/bucket?sesame",
        "s3://sesame:ses/ame@host/bucket",
        "s3://[sesame",
    ],
)
def test_another_address_is_one_line_without_the_secret(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"MEDIA_STORAGE_URL cannot be read; it must look like") as error:
        environment.media_store(VARIABLE, wrong)
    assert "sesame" not in str(error.value) and "\n" not in str(error.value)
