// The filters over the feed. They are held in the URL.

import Button from '@leafygreen-ui/button'
import { useUrlState } from '../../frame/url-state.ts'
import { typeWords } from '../../words/event-type.ts'
import styles from './activity-feed.module.css'
import { filterNames, isFiltered } from './filters.ts'
import type { EventChoices } from './use-events.ts'

export function FilterBar({ types, clusters, who }: EventChoices) {
  const { search, replace } = useUrlState()
  return (
    <search className={styles.filters}>
      <Choice name="type" label="Event type" any="Any type" values={types} word={typeWords} />
      <Choice name="cluster" label="Cluster" any="Any cluster" values={clusters} word={(one) => one} />
      <Choice name="who" label="Who" any="Anybody" values={who} word={(one) => one} />
      <Day name="from" label="From" />
      <Day name="to" label="To" />
      {isFiltered(search) && (
        <Button size="small" onClick={() => replace(Object.fromEntries(filterNames.map((name) => [name, undefined])))}>
          Clear filters
        </Button>
      )}
    </search>
  )
}

interface ChoiceProps {
  readonly name: 'type' | 'cluster' | 'who'
  readonly label: string
  readonly any: string
  readonly values: readonly string[]
  readonly word: (value: string) => string
}

function Choice({ name, label, any, values, word }: ChoiceProps) {
  const { search, replace } = useUrlState()
  const chosen = search[name] ?? ''
  const all = chosen === '' || values.includes(chosen) ? values : [chosen, ...values]
  return (
    <select
      className={styles.choice}
      aria-label={label}
      value={chosen}
      onChange={({ target }) => replace({ [name]: target.value })}
    >
      <option value="">{any}</option>
      {all.map((value) => (
        <option key={value} value={value}>
          {word(value)}
        </option>
      ))}
    </select>
  )
}

function Day({ name, label }: { readonly name: 'from' | 'to'; readonly label: string }) {
  const { search, replace } = useUrlState()
  return (
    <label className={styles.day}>
      {label}
      <input type="date" value={search[name] ?? ''} onChange={({ target }) => replace({ [name]: target.value })} />
    </label>
  )
}
