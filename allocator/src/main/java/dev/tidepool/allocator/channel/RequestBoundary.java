package dev.tidepool.allocator.channel;

import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where, in what passes through a pipeline, a request ends and the connection's arena resets. */
public final class RequestBoundary {
  private static final RequestBoundary READ_COMPLETE = new RequestBoundary(true, null);
  private static final RequestBoundary MANUAL = new RequestBoundary(false, null);

  private final boolean atReadComplete;
  private final @Nullable Predicate<Object> endOfResponse;

  private RequestBoundary(boolean atReadComplete, @Nullable Predicate<Object> endOfResponse) {
    this.atReadComplete = atReadComplete;
    this.endOfResponse = endOfResponse;
  }

  /** The default: the read burst is over, and all that was written is flushed to the socket. */
  public static RequestBoundary readComplete() {
    return READ_COMPLETE;
  }

  /**
   * A message of which {@code endOfResponse} says yes was written and its write finished. For HTTP:
   * {@code message -> message instanceof LastHttpContent}. The predicate is asked on the event
   * loop, about every message as it reaches the handler, encoded or not as the pipeline has it
   * there.
   */
  public static RequestBoundary afterWrite(Predicate<Object> endOfResponse) {
    return new RequestBoundary(false, Objects.requireNonNull(endOfResponse, "endOfResponse"));
  }

  /** Nowhere: somebody calls {@code reset()} on the connection's arena. */
  public static RequestBoundary manual() {
    return MANUAL;
  }

  boolean isAtReadComplete() {
    return atReadComplete;
  }

  boolean isAfter(Object message) {
    return endOfResponse != null && endOfResponse.test(message);
  }
}
