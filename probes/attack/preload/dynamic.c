/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dynamic - a program that needs libconfine-probe.so, which is in no directory that a loader
 * searches: it starts only where LD_LIBRARY_PATH was believed.
 */
int confine_probe_loaded(void);

int main(void)
{
	return confine_probe_loaded() ? 0 : 1;
}
