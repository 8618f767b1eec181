"""Servers of tools, and the tools that administrators accepted of them."""

import channels_layer.ids
import chats.models.mcp
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chats', '0015_http_tools'),
    ]

    operations = [
        migrations.CreateModel(
            name='McpServer',
            fields=[
                ('id', models.UUIDField(default=channels_layer.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='What people read, such as Shop.', max_length=80, unique=True, verbose_name='name')),
                ('prefix', models.CharField(help_text='What the names of its tools begin with, such as shop. It stays.', max_length=20, unique=True, validators=[chats.models.mcp.PrefixValidator()], verbose_name='prefix')),
                ('url', models.CharField(help_text='Where it speaks streamable HTTP, such as https://shop.example/mcp.', max_length=1000, verbose_name='address')),
                ('seconds', models.PositiveSmallIntegerField(default=15, help_text='Seconds until a call or a check is given up.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(25)], verbose_name='timeout')),
                ('is_active', models.BooleanField(default=True, help_text='No assistant uses the tools of one that is not.', verbose_name='active')),
                ('state', models.CharField(choices=[('never', 'Not yet checked'), ('connected', 'Connected'), ('failed', 'Failed')], default='never', max_length=9, verbose_name='state')),
                ('error', models.CharField(blank=True, max_length=600, verbose_name='error')),
                ('refused', models.JSONField(blank=True, default=list, help_text='Tools that the server lists and that cannot be used, with the reasons.', verbose_name='refused')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='checked at')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'MCP server',
                'verbose_name_plural': 'MCP servers',
            },
        ),
        migrations.CreateModel(
            name='McpTool',
            fields=[
                ('id', models.UUIDField(default=channels_layer.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='As the server says it.', max_length=128, verbose_name='name')),
                ('full_name', models.CharField(help_text='What models call it.', max_length=64, unique=True, verbose_name='full name')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('parameters', models.JSONField(default=dict, help_text='The JSON schema of its arguments.', verbose_name='parameters')),
                ('schema_hash', models.CharField(blank=True, help_text='Of name, description and schema as they were accepted.', max_length=64, verbose_name='pinned hash')),
                ('found', models.JSONField(default=dict, help_text='How the server described it at the last check.', verbose_name='found')),
                ('found_hash', models.CharField(max_length=64, verbose_name='found hash')),
                ('state', models.CharField(choices=[('new', 'New: not yet accepted'), ('accepted', 'Accepted'), ('changed', 'Changed since it was accepted'), ('missing', 'No longer there')], default='new', max_length=8, verbose_name='state')),
                ('is_enabled', models.BooleanField(default=True, help_text='Off: no assistant may use it.', verbose_name='switched on')),
                ('effect', models.CharField(choices=[('reading', 'Reads: calling it twice does no harm'), ('writing', 'Writes: it changes something')], default='writing', max_length=7, verbose_name='effect')),
                ('approval', models.CharField(choices=[('never', 'Never'), ('always', 'Always')], default='always', help_text='Whether a person decides on each call before it is made.', max_length=6, verbose_name='approval')),
                ('role', models.CharField(choices=[('agent', 'Agent'), ('supervisor', 'Supervisor'), ('administrator', 'Administrator')], default='agent', max_length=16, verbose_name='who approves')),
                ('summary', models.CharField(blank=True, help_text='What will happen, for who approves: Refund {amount} € for {order_number}.', max_length=300, verbose_name='in plain words')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('accepted_by', models.CharField(blank=True, max_length=200, verbose_name='accepted by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('server', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tools', to='chats.mcpserver', verbose_name='MCP server')),
            ],
            options={
                'verbose_name': 'tool of an MCP server',
                'verbose_name_plural': 'tools of MCP servers',
                'constraints': [models.UniqueConstraint(fields=('server', 'name'), name='mcp_tool_once_per_server'), models.CheckConstraint(condition=models.Q(('schema_hash', ''), models.Q(('state', 'new'), _negated=True), _connector='OR'), name='mcp_tool_new_is_not_pinned'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), models.Q(('schema_hash', models.F('found_hash')), models.Q(('schema_hash', ''), _negated=True)), _connector='OR'), name='mcp_tool_accepted_is_as_pinned')],
            },
        ),
    ]
