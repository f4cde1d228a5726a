// Run tools/bytecode.py in Pyodide: node compile.mjs CORE MODULE FOLDER compiles FOLDER/source into FOLDER/target.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [core, module, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${core}/pyodide.mjs`));
const pyodide = await loadPyodide();
pyodide.mountNodeFS("/shared", folder);
pyodide.runPython(readFileSync(module, "utf8"));
pyodide.runPython('compile_all(Path("/shared/source"), Path("/shared/target"))');
