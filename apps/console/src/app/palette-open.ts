import { ref } from 'vue';

/** Whether the palette is open; one per app. */
export const isPaletteOpen = ref(false);
