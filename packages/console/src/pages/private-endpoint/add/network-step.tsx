// Where in the consumer's network the endpoint is to be.

import { TextInput } from '@leafygreen-ui/text-input'
import { useState } from 'react'
import { FormDialog } from '../../../frame/form-dialog.tsx'
import { SelectField } from '../../../frame/select-field.tsx'
import { regionWords } from '../../../words/region.ts'
import { useDraft } from '../draft.ts'
import wizard from '../wizard.module.css'
import { consumerFields, consumerProblems, consumerRegions } from './consumer-fields.ts'
import { type StepProps, Steps } from './steps.tsx'

export function NetworkStep({ service }: StepProps) {
  const { cloudProvider } = service
  const { draft, fill, goTo, close } = useDraft()
  // Nobody is told that a word is wrong before it is written to its end.
  const [asked, setAsked] = useState(false)
  const problems = asked ? consumerProblems(cloudProvider, draft) : {}
  return (
    <FormDialog
      title="Create New Endpoint"
      says="What you know of your network goes into the command. What you leave out is left open there."
      size="large"
      submit="Create Endpoint"
      busy={false}
      error={null}
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (Object.keys(consumerProblems(cloudProvider, draft)).length === 0) goTo('attach')
      }}
      onClose={close}
    >
      <Steps way="new" step="Your network" />
      <div className={wizard.fields}>
        {cloudProvider === 'AWS' && (
          <SelectField
            label="Consumer Region"
            value={draft.consumerRegion === '' ? service.regionName : draft.consumerRegion}
            options={consumerRegions(service).map((value) => ({ value, word: regionWords(cloudProvider, value) }))}
            onChange={(consumerRegion) => fill({ consumerRegion })}
          />
        )}
        {consumerFields(cloudProvider).map(({ name, label, example, many }) => (
          <TextInput
            key={name}
            id={name}
            label={label}
            optional
            {...(many && { description: 'Several are parted by commas.' })}
            placeholder={example}
            value={draft[name]}
            onChange={({ target }) => fill({ [name]: target.value })}
            state={problems[name] === undefined ? 'none' : 'error'}
            errorMessage={problems[name]}
          />
        ))}
      </div>
    </FormDialog>
  )
}
