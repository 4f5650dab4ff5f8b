// A rule that holds for all, or only for some: those are chosen from a list.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { Radio, RadioGroup } from '@leafygreen-ui/radio-group'
import { Error as ErrorText } from '@leafygreen-ui/typography'
import type { ReactNode } from 'react'
import styles from './private-endpoint-detail.module.css'

interface SomeOfProps {
  readonly name: string
  readonly legend: string
  /** What it does. */
  readonly says: string
  readonly all: string
  readonly some: string
  readonly options: readonly string[]
  readonly isSome: boolean
  readonly chosen: readonly string[]
  readonly problem: string | undefined
  readonly onSome: (isSome: boolean) => void
  readonly onChosen: (chosen: readonly string[]) => void
  /** A way to one that is not listed. */
  readonly children?: ReactNode
}

export function SomeOf(props: SomeOfProps) {
  const { name, legend, says, all, some, options, isSome, chosen, problem, onSome, onChosen, children } = props
  return (
    <fieldset className={styles.rule}>
      <legend>{legend}</legend>
      <span className={styles.quiet}>{says}</span>
      <RadioGroup
        name={`policy-${name}`}
        aria-label={legend}
        value={isSome ? 'some' : 'all'}
        onChange={({ target }) => onSome(target.value === 'some')}
      >
        <Radio value="all">{all}</Radio>
        <Radio value="some">{some}</Radio>
      </RadioGroup>
      {isSome && (
        <div className={styles.some}>
          {options.map((option) => (
            <Checkbox
              key={option}
              label={option}
              checked={chosen.includes(option)}
              onChange={({ target }) =>
                onChosen(target.checked ? [...chosen, option] : chosen.filter((one) => one !== option))
              }
            />
          ))}
          {children}
          {chosen.length === 0 && <span className={styles.quiet}>None is chosen: nobody gets through.</span>}
        </div>
      )}
      {problem !== undefined && <ErrorText>{problem}</ErrorText>}
    </fieldset>
  )
}
