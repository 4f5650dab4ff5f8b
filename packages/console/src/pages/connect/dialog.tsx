// Connect: from a cluster to a string, a command or a program that connects, through a private endpoint where there is one.

import Modal from '@leafygreen-ui/modal'
import Stepper, { Step } from '@leafygreen-ui/stepper'
import { H3 } from '@leafygreen-ui/typography'
import { Answered } from '../../frame/answered.tsx'
import type { ShownCluster } from '../cluster/shown-cluster.ts'
import { useDialog } from '../cluster/use-dialog.ts'
import { type Step as StepName, type Strings, steps } from './choice.ts'
import styles from './connect.module.css'
import { ConnectStep } from './connect-step.tsx'
import { MethodStep } from './method-step.tsx'
import { SecurityStep } from './security-step.tsx'
import { useChoice, useStrings } from './use-connect.ts'

const stepWords: Readonly<Record<StepName, string>> = {
  security: 'Setup connection security',
  method: 'Choose a connection method',
  connect: 'Connect',
}
const parts = { security: SecurityStep, method: MethodStep, connect: ConnectStep } as const

export interface StepProps {
  readonly cluster: ShownCluster
  readonly strings: Strings
}

export function ConnectDialog({ cluster }: { readonly cluster: ShownCluster }) {
  const { close } = useDialog()
  return (
    <Modal open setOpen={close} size="large" aria-labelledby="connect-title">
      <H3 as="h2" id="connect-title" className={styles.title}>
        Connect to {cluster.name}
      </H3>
      <Answered query={useStrings(cluster)}>{(strings) => <Steps cluster={cluster} strings={strings} />}</Answered>
    </Modal>
  )
}

function Steps(props: StepProps) {
  const { step } = useChoice(props.strings)
  const Part = parts[step]
  return (
    <>
      <Stepper currentStep={steps.indexOf(step)} className={styles.steps} aria-label="Steps">
        {steps.map((each) => (
          <Step key={each}>{stepWords[each]}</Step>
        ))}
      </Stepper>
      <Part {...props} />
    </>
  )
}
