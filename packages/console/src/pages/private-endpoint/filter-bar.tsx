// The filters over the list. They are held in the URL.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useUrlState } from '../../frame/url-state.ts'
import { providerNames } from '../../words/provider.ts'
import { statusWord } from '../../words/status.ts'
import { type choices, filterNames, isFiltered } from './filters.ts'
import styles from './private-endpoint.module.css'

export function FilterBar({ providers, regions, statuses }: ReturnType<typeof choices>) {
  const { search, replace } = useUrlState()
  return (
    <search className={styles.filters}>
      <TextInput
        id="find"
        type="search"
        sizeVariant="small"
        aria-label="Find a service or an endpoint"
        placeholder="Id, name, label"
        value={search.text ?? ''}
        onChange={({ target }) => replace({ text: target.value })}
      />
      <Choice name="provider" label="Provider" values={providers} word={(one) => providerNames[one]} />
      <Choice
        name="region"
        label="Region"
        values={regions.map(({ value }) => value)}
        word={(one) => regions.find(({ value }) => value === one)?.word ?? one}
      />
      <Choice name="status" label="Status" values={statuses} word={(one) => statusWord('endpoint', one).word} />
      {isFiltered(search) && (
        <Button size="small" onClick={() => replace(Object.fromEntries(filterNames.map((name) => [name, undefined])))}>
          Clear filters
        </Button>
      )}
    </search>
  )
}

interface ChoiceProps<Value extends string> {
  readonly name: (typeof filterNames)[number]
  readonly label: string
  readonly values: readonly Value[]
  readonly word: (value: Value) => string
}

function Choice<Value extends string>({ name, label, values, word }: ChoiceProps<Value>) {
  const { search, replace } = useUrlState()
  return (
    // The design system's own select would be a fifth of all that this page loads.
    <select
      className={styles.choice}
      aria-label={label}
      value={search[name] ?? ''}
      onChange={({ target }) => replace({ [name]: target.value })}
    >
      <option value="">Any {label.toLowerCase()}</option>
      {values.map((value) => (
        <option key={value} value={value}>
          {word(value)}
        </option>
      ))}
    </select>
  )
}
