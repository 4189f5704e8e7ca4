// Gives the words their translations, before any other module of the extension is evaluated.
import * as vscode from 'vscode';
import { setTranslations } from '../view/translate.ts';

setTranslations(vscode.l10n.bundle);
