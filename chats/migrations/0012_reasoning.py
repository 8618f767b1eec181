from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chats', '0011_labels_in_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='runstep',
            name='reasoning',
            field=models.TextField(blank=True, default='', help_text='What the model thought aloud, for staff alone. It is no part of the answer.', verbose_name='reasoning'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='toolcall',
            name='extra',
            field=models.JSONField(blank=True, default=dict, help_text="What the model's server put beside the call, and wants back with it.", verbose_name='extra'),
        ),
    ]
