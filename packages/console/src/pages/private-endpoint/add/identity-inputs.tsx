// The fields that name an endpoint, each with what the API says to it.

import { TextArea } from '@leafygreen-ui/text-area'
import { TextInput } from '@leafygreen-ui/text-input'
import type { Draft } from '../draft.ts'
import type { Service } from '../filters.ts'
import { identityFields } from './endpoint-identity.ts'

interface IdentityInputsProps {
  readonly service: Service
  readonly draft: Draft
  readonly fill: (change: Partial<Draft>) => void
  /** By the API's name of a field. */
  readonly problems: readonly { readonly field: string; readonly says: string }[]
}

export function IdentityInputs({ service, draft, fill, problems }: IdentityInputsProps) {
  return identityFields(service).map(({ name, label, example, fills, several }, at, all) => {
    const isOurs = (field: string) => fills.some((one) => field.startsWith(one))
    // Of two fields that could be meant, the one that says it whole.
    const isOthers = (field: string) => all.some((other, at2) => at2 !== at && other.fills.includes(field))
    const problem = problems.find(({ field }) => isOurs(field) && (fills.includes(field) || !isOthers(field)))?.says
    const told = {
      id: `identity-${name}`,
      label,
      value: draft[name],
      state: problem === undefined ? ('none' as const) : ('error' as const),
      errorMessage: problem ?? '',
    }
    return several ? (
      <TextArea
        key={name}
        {...told}
        description={`One for each service attachment: ${example}`}
        rows={4}
        onChange={({ target }) => fill({ [name]: target.value })}
      />
    ) : (
      <TextInput key={name} {...told} placeholder={example} onChange={({ target }) => fill({ [name]: target.value })} />
    )
  })
}
