// What is known of one thing, a line each: the word for it, and what it is.

import type { ReactNode } from 'react'
import styles from './facts.module.css'

export const Facts = ({ children }: { readonly children: ReactNode }) => <dl className={styles.facts}>{children}</dl>

export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)

interface Described {
  readonly description: string | null
  readonly labels: Readonly<Record<string, string>>
}

/** The lines of whatever carries a description and labels; none where it has neither. */
export const DescribedFacts = ({ description, labels }: Described) => {
  const pairs = Object.entries(labels)
  return (
    <>
      {(description ?? '') !== '' && <Fact name="Description">{description}</Fact>}
      {pairs.length > 0 && <Fact name="Labels">{pairs.map(([key, value]) => `${key}: ${value}`).join(', ')}</Fact>}
    </>
  )
}
