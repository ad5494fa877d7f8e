package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.BadStatusException;
import dev.tidepool.echo.protocol.ProtocolClient;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers of one connection, counted; they have to come in the order of the requests, but for
 * those that are left aside.
 */
public final class CountedAnswers implements ProtocolClient.Answers {
  private final List<BadStatusException> refused = new ArrayList<>();
  private final List<Long> leftAside = new ArrayList<>();
  private long verified;
  private long unverified;
  private long complete;

  @Override
  public void verified(int bytes) {
    verified += bytes;
  }

  @Override
  public void unverified(int bytes) {
    unverified += bytes;
  }

  @Override
  public void answered(long sequence) {
    assertNext(sequence);
    complete++;
  }

  @Override
  public void refused(long sequence, BadStatusException cause) {
    assertNext(sequence);
    refused.add(cause);
  }

  @Override
  public void unprocessed(long sequence) {
    leftAside.add(sequence);
  }

  private void assertNext(long sequence) {
    assertThat(sequence).isEqualTo(complete + refused.size());
  }

  public long verified() {
    return verified;
  }

  public long unverified() {
    return unverified;
  }

  /** How many requests are answered. */
  public long complete() {
    return complete;
  }

  public List<BadStatusException> refused() {
    return refused;
  }

  /** The requests that the server left aside. */
  public List<Long> leftAside() {
    return leftAside;
  }
}
