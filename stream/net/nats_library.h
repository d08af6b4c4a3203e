/* SPDX-License-Identifier: MIT */
/* The functions of libnats that are used, under their own names in skep_nats. */
#ifndef SKEP_STREAM_NET_NATS_LIBRARY_H
#define SKEP_STREAM_NET_NATS_LIBRARY_H

#include <nats/nats.h>
#include <skep/error.h>

#define SKEP_NATS_FUNCTIONS(F)                     \
	F(natsStatus_GetText)                      \
	F(natsOptions_Create)                      \
	F(natsOptions_Destroy)                     \
	F(natsOptions_SetURL)                      \
	F(natsOptions_SetName)                     \
	F(natsOptions_SetToken)                    \
	F(natsOptions_SetSecure)                   \
	F(natsOptions_SetTimeout)                  \
	F(natsOptions_SetPingInterval)             \
	F(natsOptions_SetMaxPingsOut)              \
	F(natsOptions_SetMaxReconnect)             \
	F(natsOptions_SetReconnectWait)            \
	F(natsOptions_SetErrorHandler)             \
	F(natsOptions_SetRetryOnFailedConnect)     \
	F(natsOptions_SetUserCredentialsFromFiles) \
	F(natsOptions_LoadCATrustedCertificates)   \
	F(natsConnection_Connect)                  \
	F(natsConnection_Destroy)                  \
	F(natsConnection_Status)                   \
	F(natsConnection_GetStats)                 \
	F(natsStatistics_Create)                   \
	F(natsStatistics_GetCounts)                \
	F(natsStatistics_Destroy)                  \
	F(natsConnection_GetLastError)             \
	F(natsConnection_FlushTimeout)             \
	F(natsConnection_PublishMsg)               \
	F(natsConnection_Subscribe)                \
	F(natsConnection_JetStream)                \
	F(natsSubscription_SetOnCompleteCB)        \
	F(natsSubscription_Destroy)                \
	F(natsInbox_Create)                        \
	F(natsInbox_Destroy)                       \
	F(natsMsg_Create)                          \
	F(natsMsg_Destroy)                         \
	F(natsMsg_GetSubject)                      \
	F(natsMsg_GetData)                         \
	F(natsMsg_GetDataLength)                   \
	F(natsMsg_IsNoResponders)                  \
	F(natsMsgHeader_Set)                       \
	F(jsCtx_Destroy)                           \
	F(jsOptions_Init)                          \
	F(jsStreamConfig_Init)                     \
	F(jsStreamInfo_Destroy)                    \
	F(js_GetStreamInfo)                        \
	F(js_AddStream)

#define SKEP_NATS_MEMBER(name) __typeof__(name) *name;

struct skep_nats_functions {
	SKEP_NATS_FUNCTIONS(SKEP_NATS_MEMBER)
};

extern struct skep_nats_functions skep_nats;

/* Loads libnats, once; before that there is nothing behind the names. */
int skep_nats_load(struct skep_error *err);

#endif
