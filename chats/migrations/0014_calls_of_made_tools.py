"""Calls say what they do, who may approve them and until when."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chats', '0013_limits_of_models'),
    ]

    operations = [
        migrations.AddField(
            model_name='toolcall',
            name='effect',
            field=models.CharField(default='writing', help_text='Whether it only reads.', max_length=10, verbose_name='effect'),
        ),
        migrations.AddField(
            model_name='toolcall',
            name='expires_at',
            field=models.DateTimeField(blank=True, help_text='Until when somebody has to decide.', null=True, verbose_name='expires at'),
        ),
        migrations.AddField(
            model_name='toolcall',
            name='role',
            field=models.CharField(default='agent', help_text='Who may approve it.', max_length=16, verbose_name='role'),
        ),
        migrations.AddField(
            model_name='toolcall',
            name='summary',
            field=models.CharField(blank=True, help_text='What it will do in plain words, with {names} of arguments.', max_length=300, verbose_name='summary'),
        ),
        migrations.AlterField(
            model_name='toolcall',
            name='result',
            field=models.TextField(blank=True, help_text='What came back, whole; a model gets it shortened.', verbose_name='result'),
        ),
    ]
