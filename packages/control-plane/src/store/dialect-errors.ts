// A Kysely dialect around another one, because every connection and every statement passes here: a lost connection
// becomes StoreUnavailable wherever it is noticed, and whoever opened the store is told of each error.

import type { DatabaseConnection, Dialect, Driver, TransactionSettings } from 'kysely'
import { isConnectionLost, StoreUnavailable } from './store-error.ts'

/** The same dialect; `onError` is told of each error before it is passed on. */
export const withStoreErrors = (dialect: Dialect, onError: (error: unknown) => void): Dialect => {
  const told: Told = async (work) => {
    try {
      return await work()
    } catch (error) {
      onError(error)
      throw isConnectionLost(error) ? new StoreUnavailable(error) : error
    }
  }
  return {
    createDriver: () => toldDriver(dialect.createDriver(), told),
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  }
}

type Told = <Result>(work: () => Promise<Result>) => Promise<Result>

class ToldConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection
  readonly #told: Told

  constructor(inner: DatabaseConnection, told: Told) {
    this.inner = inner
    this.#told = told
  }

  executeQuery: DatabaseConnection['executeQuery'] = (query, options) =>
    this.#told(() => this.inner.executeQuery(query, options))

  streamQuery: DatabaseConnection['streamQuery'] = (query, chunkSize, options) =>
    this.inner.streamQuery(query, chunkSize, options)
}

const toldDriver = (driver: Driver, told: Told): Driver => ({
  init: (options) => told(() => driver.init(options)),
  acquireConnection: async () => new ToldConnection(await told(() => driver.acquireConnection()), told),
  beginTransaction: (connection, settings: TransactionSettings) =>
    told(() => driver.beginTransaction(inner(connection), settings)),
  commitTransaction: (connection) => told(() => driver.commitTransaction(inner(connection))),
  rollbackTransaction: (connection) => told(() => driver.rollbackTransaction(inner(connection))),
  releaseConnection: (connection) => driver.releaseConnection(inner(connection)),
  destroy: (options) => driver.destroy(options),
})

// The drivers keep private marks on their own connection objects, so they get those back.
const inner = (connection: DatabaseConnection): DatabaseConnection =>
  connection instanceof ToldConnection ? connection.inner : connection
