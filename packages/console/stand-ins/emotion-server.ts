// Instead of @emotion/server/create-instance, which renders on servers by Node's streams.

const nothing = () => undefined

// biome-ignore lint/style/noDefaultExport: the module that it stands in for has one
export default () => ({
  extractCritical: nothing,
  renderStylesToString: nothing,
  renderStylesToNodeStream: nothing,
})
