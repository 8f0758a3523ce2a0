// Starts `bdd lsp` and connects it with the editor. Everything else is in the server.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const [command, ...args] = vscode.workspace.getConfiguration("bdd").get("command");
  const server = { command, args, options: { cwd: folder() } };
  const options = {
    // Another extension may have given the files its own language: what counts is their name.
    documentSelector: [
      { scheme: "file", pattern: "**/*.feature" },
      { scheme: "file", pattern: "**/*.feature.md" },
      { scheme: "untitled", language: "feature" },
    ],
  };
  client = new LanguageClient("bdd", "bdd", server, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const answer = await vscode.window.showErrorMessage(
      `bdd: the language server \`${command}\` does not start: ${error.message}`,
      "Open the settings",
    );
    if (answer) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "bdd.command");
    }
  }
}

/** The folder in which the server starts: paths in `bdd.command` may be relative to it. */
function folder() {
  const folders = vscode.workspace.workspaceFolders;
  return folders && folders[0].uri.scheme === "file" ? folders[0].uri.fsPath : undefined;
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function restart() {
  await stop();
  await start();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    vscode.commands.registerCommand("bdd.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration("bdd.command") ? restart() : undefined,
    ),
  );
  await start();
};

exports.deactivate = stop;
