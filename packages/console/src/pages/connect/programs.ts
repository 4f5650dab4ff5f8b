// A whole program in each language that connects with one string, and how its driver is installed. Every one pings the
// deployment and says so. A program reads its string as it stands: whoever runs it puts the password in.

import { withOption } from './connection-string.ts'

export const languages = ['nodejs', 'python', 'java', 'go', 'csharp', 'rust'] as const
export type Language = (typeof languages)[number]

export interface Said {
  /** With `<db_password>` in it. */
  readonly connectionString: string
  /** File with the authority that signed the endpoint's certificate; null where it speaks no TLS. */
  readonly caFile: string | null
}

export interface Program {
  readonly name: string
  readonly install: string
  readonly file: string
  readonly text: (said: Said) => string
}

/** One literal in double quotes, which all six languages read alike: a connection string has nothing else to escape. */
const literal = (text: string): string => JSON.stringify(text)

const note = 'Put the password of the database user, percent-encoded, in the place of <db_password>.'

/** Drivers that read the file's name from the string. */
const withCa = ({ connectionString, caFile }: Said): string =>
  caFile === null ? connectionString : withOption(connectionString, 'tlsCAFile', caFile)

const nodejs = ({ connectionString, caFile }: Said): string => `import { MongoClient } from 'mongodb'

// ${note}
const uri = ${literal(connectionString)}

const client = new MongoClient(uri${caFile === null ? '' : `, { tlsCAFile: ${literal(caFile)} }`})
try {
  await client.db('admin').command({ ping: 1 })
  console.log('You are connected.')
} finally {
  await client.close()
}
`

const python = ({ connectionString, caFile }: Said): string => `from pymongo import MongoClient

# ${note}
uri = ${literal(connectionString)}

with MongoClient(uri${caFile === null ? '' : `, tlsCAFile=${literal(caFile)}`}) as client:
    client.admin.command("ping")
    print("You are connected.")
`

const java = ({ connectionString, caFile }: Said): string => `import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import org.bson.Document;

public class Connect {
  public static void main(String[] args) {
    // ${note}
    String uri = ${literal(connectionString)};
${caFile === null ? '' : `    // ${javaTrust(caFile)}\n`}    try (MongoClient client = MongoClients.create(uri)) {
      client.getDatabase("admin").runCommand(new Document("ping", 1));
      System.out.println("You are connected.");
    }
  }
}
`
const javaTrust = (caFile: string): string =>
  `The JVM trusts the endpoint's authority after: keytool -importcert -noprompt -cacerts -alias postern -file ${caFile}`

const go = (said: Said): string => `package main

import (
	"context"
	"fmt"
	"log"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

func main() {
	// ${note}
	uri := ${literal(withCa(said))}

	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Disconnect(context.Background())

	if err := client.Database("admin").RunCommand(context.Background(), bson.D{{Key: "ping", Value: 1}}).Err(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("You are connected.")
}
`

const csharp = ({ connectionString, caFile }: Said): string => `using MongoDB.Bson;
using MongoDB.Driver;

// ${note}
const string uri = ${literal(connectionString)};
${caFile === null ? '' : `// .NET trusts whom its machine trusts: add ${caFile} to the authorities of the system first.\n`}
var client = new MongoClient(uri);
client.GetDatabase("admin").RunCommand<BsonDocument>(new BsonDocument("ping", 1));
Console.WriteLine("You are connected.");
`

const rust = (said: Said): string => `use mongodb::{bson::doc, Client};

#[tokio::main]
async fn main() -> mongodb::error::Result<()> {
    // ${note}
    let uri = ${literal(withCa(said))};

    let client = Client::with_uri_str(uri).await?;
    client.database("admin").run_command(doc! { "ping": 1 }).await?;
    println!("You are connected.");
    Ok(())
}
`

export const programs: Readonly<Record<Language, Program>> = {
  nodejs: { name: 'Node.js', install: 'npm install mongodb', file: 'connect.mjs', text: nodejs },
  python: { name: 'Python', install: 'python -m pip install pymongo', file: 'connect.py', text: python },
  java: {
    name: 'Java',
    install: 'implementation("org.mongodb:mongodb-driver-sync:5.+")',
    file: 'Connect.java',
    text: java,
  },
  go: { name: 'Go', install: 'go get go.mongodb.org/mongo-driver/v2/mongo', file: 'main.go', text: go },
  csharp: { name: 'C#', install: 'dotnet add package MongoDB.Driver', file: 'Program.cs', text: csharp },
  rust: { name: 'Rust', install: 'cargo add mongodb tokio --features tokio/full', file: 'main.rs', text: rust },
}
