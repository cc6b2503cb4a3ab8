"""The page cache: public pages answered from memory, in front of Django.

`wsgi.PageCache` wraps the WSGI application. A view says with `public.public` that its answers are the same for
everyone; `changes` notices what makes them different, and `generation` tells every process of it.
"""
