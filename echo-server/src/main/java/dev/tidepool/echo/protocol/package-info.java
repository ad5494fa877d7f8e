/**
 * The protocols that the server speaks and the load client verifies.
 *
 * <p>To add one, write a class that implements {@link dev.tidepool.echo.protocol.Protocol} and list
 * it in {@link dev.tidepool.echo.protocol.Protocols}; nothing else names a protocol. Its server
 * side is a codec, a handler that answers and, if requests end by messages, a boundary; its client
 * side, a {@link dev.tidepool.echo.protocol.ProtocolClient}, encodes requests and verifies answers.
 * Their payloads are computed from the request, so that an answer is verified without a copy:
 * {@link dev.tidepool.echo.protocol.AnswerBytes} compares it with any computed bytes. {@code
 * ThirdProtocolTest} has a protocol in one class.
 */
@NullMarked
package dev.tidepool.echo.protocol;

import org.jspecify.annotations.NullMarked;
