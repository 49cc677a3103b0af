/* SPDX-License-Identifier: Apache-2.0 */
/* place - where `make install` puts the program */
#ifndef LIBRARY_PLACE_H
#define LIBRARY_PLACE_H

extern const char place_program[];

#endif
