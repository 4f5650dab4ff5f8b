// Choose a connection method.

import Button from '@leafygreen-ui/button'
import ArrayIcon from '@leafygreen-ui/icon/dist/Array'
import Code from '@leafygreen-ui/icon/dist/Code'
import Laptop from '@leafygreen-ui/icon/dist/Laptop'
import Shell from '@leafygreen-ui/icon/dist/Shell'
import { useDialog } from '../cluster/use-dialog.ts'
import { type Method, methods } from './choice.ts'
import styles from './connect.module.css'
import type { StepProps } from './dialog.tsx'
import { useChoice } from './use-connect.ts'

const tiles: Readonly<Record<Method, { readonly name: string; readonly says: string; readonly Icon: typeof Shell }>> = {
  mongosh: { name: 'Shell', says: 'Query and change data with mongosh, MongoDB’s shell.', Icon: Shell },
  drivers: { name: 'Drivers', says: 'Node.js, Python, Java, Go, C# and Rust: a program that connects.', Icon: Code },
  compass: { name: 'Compass', says: 'Explore data in MongoDB’s graphical interface.', Icon: Laptop },
  direct: {
    name: 'Direct connection strings',
    says: 'One for each member, for exporters and other tools that talk to a single one.',
    Icon: ArrayIcon,
  },
}

export function MethodStep({ strings }: StepProps) {
  const { go } = useDialog()
  const { type } = useChoice(strings)
  return (
    <>
      <section className={styles.part}>
        <h3>Choose a connection method</h3>
        <div className={styles.tiles}>
          {methods
            .filter((method) => type === 'private' || method !== 'direct')
            .map((method) => {
              const { name, says, Icon } = tiles[method]
              return (
                <button
                  key={method}
                  type="button"
                  className={styles.tile}
                  onClick={() => go({ method, step: 'connect' })}
                >
                  <Icon size={20} role="presentation" />
                  <span>
                    <strong>{name}</strong>
                    {says}
                  </span>
                </button>
              )
            })}
        </div>
      </section>
      <div className={styles.ends}>
        <Button onClick={() => go({ step: 'security' })}>Back</Button>
      </div>
    </>
  )
}
