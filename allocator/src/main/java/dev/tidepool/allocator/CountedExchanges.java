package dev.tidepool.allocator;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of a connection, counted by two predicates over its messages.
 *
 * <pre>
 *   open == unanswered + unwritten
 *   unanswered    requests whose response has not ended yet
 *   unwritten     responses whose last write is not complete yet
 * </pre>
 */
final class CountedExchanges implements Exchanges {
  private final Predicate<Object> beginsRequest;
  private final Predicate<Object> endsResponse;
  private int unanswered;
  private int unwritten;

  CountedExchanges(Predicate<Object> beginsRequest, Predicate<Object> endsResponse) {
    this.beginsRequest = beginsRequest;
    this.endsResponse = endsResponse;
  }

  @Override
  public void inbound(Object message) {
    if (beginsRequest.test(message)) {
      unanswered++;
    }
  }

  @Override
  public @Nullable Runnable outbound(Object message) {
    if (!endsResponse.test(message)) {
      return null;
    }
    if (unanswered > 0) { // else a response without a request
      unanswered--;
    }
    unwritten++;
    return this::written;
  }

  private void written() {
    unwritten--;
  }

  @Override
  public boolean isOpen() {
    return unanswered + unwritten > 0;
  }
}
