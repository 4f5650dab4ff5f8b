// The ready-made commands of each tool, filled in with what was given.

import { Tab, Tabs } from '@leafygreen-ui/tabs'
import type { SetupTool } from '@postern/contract/consumer-setup/tools'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { useOperation } from '../../../api/operation.ts'
import { Answered } from '../../../frame/answered.tsx'
import { CopyBlock } from '../../../frame/copy-block.tsx'
import { useGroupId } from '../../../frame/place.ts'
import type { Draft } from '../draft.ts'
import type { Service } from '../filters.ts'
import { Folded } from '../folded.tsx'
import wizard from '../wizard.module.css'
import { given } from './consumer-fields.ts'

const toolNames = {
  aws: 'AWS CLI',
  az: 'Azure CLI',
  gcloud: 'gcloud CLI',
  terraform: 'Terraform',
  local: 'Local cloud',
} as const satisfies Readonly<Record<SetupTool, string>>

type Setup = ReplyOf<'getGroupEndpointServiceSetup'>['results'][number]

interface SetupCommandsProps {
  readonly service: Service
  readonly draft: Draft
  readonly onTool: (tool: SetupTool) => void
}

export function SetupCommands({ service, draft, onTool }: SetupCommandsProps) {
  const { id, cloudProvider } = service
  const setup = useOperation('getGroupEndpointServiceSetup', {
    params: { groupId: useGroupId(), cloudProvider, endpointServiceId: id },
    query: given(cloudProvider, draft) as never,
  })
  return (
    <Answered query={setup}>
      {({ results }) => (
        <Tabs
          aria-label="Tool"
          size="small"
          value={Math.max(
            results.findIndex(({ tool }) => tool === draft.tool),
            0,
          )}
          onValueChange={(at: number) => {
            const chosen = results[at]
            if (chosen !== undefined) onTool(chosen.tool)
          }}
        >
          {results.map((one) => (
            <Tab key={one.tool} name={toolNames[one.tool]}>
              <Commands setup={one} />
            </Tab>
          ))}
        </Tabs>
      )}
    </Answered>
  )
}

function Commands({ setup }: { readonly setup: Setup }) {
  const { create, attach, placeholders } = setup
  return (
    <div className={wizard.commands}>
      <CopyBlock label="Command that creates the endpoint" text={create} />
      <Blanks of={create} placeholders={placeholders} />
      {attach !== null && (
        <Folded title="Attach it by command line instead">
          <CopyBlock label="Command that attaches the endpoint" text={attach} />
          <Blanks of={attach} placeholders={placeholders} />
        </Folded>
      )}
    </div>
  )
}

/** What is left to fill in. */
function Blanks({ of, placeholders }: { readonly of: string } & Pick<Setup, 'placeholders'>) {
  const left = placeholders.filter(({ placeholder }) => of.includes(placeholder))
  if (left.length === 0) return null
  return (
    <ul className={wizard.blanks} aria-label="To fill in">
      {left.map(({ placeholder, meaning }) => (
        <li key={placeholder}>
          <code>{placeholder}</code> {meaning}
        </li>
      ))}
    </ul>
  )
}
