export { keepSetting, removeSetting, setSetting, settingOf } from './store.ts';
