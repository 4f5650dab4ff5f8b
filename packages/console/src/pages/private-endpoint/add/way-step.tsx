// Whether the endpoint is to be made in its cloud first.

import { RadioBox, RadioBoxGroup } from '@leafygreen-ui/radio-box-group'
import { FormDialog } from '../../../frame/form-dialog.tsx'
import { useDraft } from '../draft.ts'
import wizard from '../wizard.module.css'
import { Steps } from './steps.tsx'

export function WayStep() {
  const { draft, fill, goTo, close } = useDraft()
  const way = draft.way === 'existing' ? 'existing' : 'new'
  return (
    <FormDialog
      title="Add Endpoint"
      size="large"
      submit="Next"
      busy={false}
      error={null}
      onSubmit={(event) => {
        event.preventDefault()
        goTo(way === 'new' ? 'network' : 'attach')
      }}
      onClose={close}
    >
      <Steps way={way} step="Endpoint" />
      <div className={wizard.part}>
        <RadioBoxGroup
          aria-label="Endpoint"
          name="way"
          size="full"
          value={way}
          onChange={({ target }) => fill({ way: target.value })}
        >
          <RadioBox value="new" id="way-new">
            Create New Endpoint
          </RadioBox>
          <RadioBox value="existing" id="way-existing">
            Connect Existing Endpoint
          </RadioBox>
        </RadioBoxGroup>
        <p className={wizard.quiet}>
          {way === 'new'
            ? 'You are given the command that makes it in your network, and attach it then.'
            : 'It was made in your network for this service already, and is only attached.'}
        </p>
      </div>
    </FormDialog>
  )
}
