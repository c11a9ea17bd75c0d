// Runs before anything is drawn, so that no page flashes in the wrong theme.
import { applySettings } from "./state/settings";

applySettings();
