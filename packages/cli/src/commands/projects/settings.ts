// `projects settings describe | update`. They are kept and shown, and steer Atlas's screens only.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Leaf } from '../../core/command.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { column, row, sentence } from '../../print/template.ts'
import { enabledOrDisabled } from '../flag-groups.ts'

type Settings = BodyInputOf<'updateGroupSettings'>

/** Field of the API and the word of its flags, `--enable…` and `--disable…`. */
const switches = {
  isCollectDatabaseSpecificsStatisticsEnabled: 'CollectDatabaseSpecificsStatistics',
  isDataExplorerEnabled: 'DataExplorer',
  isPerformanceAdvisorEnabled: 'PerformanceAdvisor',
  isSchemaAdvisorEnabled: 'SchemaAdvisor',
  isRealtimePerformancePanelEnabled: 'RealtimePerformancePanel',
} as const satisfies Partial<Record<keyof Settings, string>>

export const projectSettingCommands: readonly Leaf[] = [
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return the settings of your project.',
    role: 'Project Read Only',
    flags: [projectId, output],
    examples: [['Show them all, as JSON:', 'projects settings describe --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getGroupSettings', {
        params: { groupId: await context.groupId() },
      })
      await context.print(
        body,
        row(
          column('COLLECT DATABASE SPECIFICS STATISTICS ENABLED', 'isCollectDatabaseSpecificsStatisticsEnabled'),
          column('DATA EXPLORER ENABLED', 'isDataExplorerEnabled'),
          column('DATA EXPLORER GEN AI FEATURES ENABLED', 'isDataExplorerGenAIFeaturesEnabled'),
          column(
            'DATA EXPLORER GEN AI SAMPLE DOCUMENT PASSING ENABLED',
            'isDataExplorerGenAISampleDocumentPassingEnabled',
          ),
          column('PERFORMANCE ADVISOR ENABLED', 'isPerformanceAdvisorEnabled'),
          column('REALTIME PERFORMANCE PANEL ENABLED', 'isRealtimePerformancePanelEnabled'),
          column('SCHEMA ADVISOR ENABLED', 'isSchemaAdvisorEnabled'),
        ),
      )
    },
  },
  {
    word: 'update',
    aliases: ['updates'],
    short: 'Change the settings of your project.',
    long: 'What is not named stays as it is.',
    role: 'Project Owner',
    flags: [
      ...Object.values(switches).flatMap((setting) => [
        { name: `enable${setting}`, kind: 'switch' as const, usage: `Turns ${setting} on.` },
        { name: `disable${setting}`, kind: 'switch' as const, usage: `Turns ${setting} off.` },
      ]),
      projectId,
      output,
    ],
    examples: [['Turn one off:', 'projects settings update --disableDataExplorer']],
    async run(context) {
      const body: Settings = Object.fromEntries(
        Object.entries(switches).flatMap(([field, setting]) => {
          const enabled = enabledOrDisabled(context, setting)
          return enabled === undefined ? [] : [[field, enabled]]
        }),
      )
      if (Object.keys(body).length === 0) throw new UsageError('nothing to change: give at least one flag')
      const reply = await (await context.client()).call('updateGroupSettings', {
        params: { groupId: await context.groupId() },
        body,
      })
      await context.print(
        reply.body,
        sentence(() => 'Project settings updated.'),
      )
    },
  },
]
