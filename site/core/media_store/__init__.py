"""Uploaded files in a bucket of an S3-compatible store (MEDIA_STORAGE_URL), shared by all machines.

`bucket` has the storage. It stands apart, as its library takes some 30 MB of a process, which a site without a bucket
has no use for.

The bucket is private, and browsers never see its address: pictures and documents are answered by the site, under the
addresses that they have anyway. So who may read a document is asked each time, pages load nothing from elsewhere, and
no policy of the bucket can be got wrong. A CDN in front of the site takes the pictures off it.

A store that does not answer costs one time limit; then it is left alone for a while, except for one call that tries.
What it cannot do comes as `StoreError`, which is an OSError as a broken disk's would be.
"""


class StoreError(OSError):
    """The store does not answer, or refuses."""
