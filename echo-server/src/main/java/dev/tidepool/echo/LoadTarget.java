package dev.tidepool.echo;

import dev.tidepool.echo.protocol.ClientProtocol;
import java.net.InetSocketAddress;

/**
 * What a load is put on.
 *
 * @param text as results name it
 * @param isTls whether the target asks for TLS by itself, as a URL with https does
 */
record LoadTarget(String text, InetSocketAddress address, ClientProtocol protocol, boolean isTls) {}
