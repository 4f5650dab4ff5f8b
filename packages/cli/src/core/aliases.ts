// Other spellings of a plural camelCase noun, by the Atlas CLI's rule: lower case, kebab case, and all of it in the
// singular. So `privateEndpoints` is also privateendpoints, private-endpoints, privateEndpoint, privateendpoint,
// private-endpoint.

export function aliasesOf(noun: string, ...more: readonly string[]): readonly string[] {
  const singular = noun.replace(/s$/, '')
  const all = [noun, singular].flatMap((word) => [word, word.toLowerCase(), kebab(word)])
  return [...new Set([...all, ...more])].filter((word) => word !== noun)
}

const kebab = (word: string): string => word.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
