from django.db import migrations, models

from core.operations import AddIndexBesideWriters


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("news", "0001_initial")]
    operations = [
        AddIndexBesideWriters(
            model_name="newsarticlepage",
            index=models.Index(fields=["-date", "-page_ptr"], name="news_article_newest"),
        ),
        AddIndexBesideWriters(
            model_name="newsarticlepage",
            index=models.Index(fields=["category", "-date", "-page_ptr"], name="news_article_of_category"),
        ),
    ]
