from django.db import migrations, models


class Migration(migrations.Migration):
    """Rename a model; its table, which names it as before, is left alone."""

    dependencies = [
        ('whatsapp', '0006_heeded_notices'),
    ]

    operations = [
        migrations.AlterModelTable(name='outreach', table='whatsapp_outreach'),
        migrations.RenameModel(old_name='Outreach', new_name='BusinessInitiatedContact'),
        migrations.AlterModelOptions(
            name='businessinitiatedcontact',
            options={'verbose_name': 'business-initiated contact'},
        ),
        migrations.AlterField(
            model_name='businessinitiatedcontact',
            name='sender',
            field=models.ForeignKey(on_delete=models.deletion.CASCADE, related_name='business_initiated_contacts', to='whatsapp.sender'),
        ),
    ]
