package io.jenkins.plugins.qwiet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.qwiet.api.Outcome.Done;
import io.jenkins.plugins.qwiet.api.Outcome.NotSent;
import io.jenkins.plugins.qwiet.api.Outcome.Unsure;
import io.jenkins.plugins.qwiet.api.QwietClient.ListQuery;
import io.jenkins.plugins.qwiet.fake.ManInTheMiddle;
import io.jenkins.plugins.qwiet.fake.Meddling;
import io.jenkins.plugins.qwiet.fake.Meddling.Answers;
import io.jenkins.plugins.qwiet.fake.Operation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What boxes on the way do to a call, over real sockets, with HTTP/1.1 and HTTP/2. */
class ManInTheMiddleTest {
    private static final RetryLimits ONCE = new RetryLimits(0, Duration.ofMillis(1), Duration.ofSeconds(1));
    private static final Duration CALL = Duration.ofMillis(900);
    private static final Duration LATE = Duration.ofMillis(100);

    @RegisterExtension
    private final OverFake over = new OverFake();

    private final QwietClients http1 = new QwietClients(Clock.systemUTC(), ONCE);
    private final QwietClients http2 = OverHttp2.clients(Clock.systemUTC(), ONCE);
    private ManInTheMiddle man;

    @BeforeEach
    void start() throws IOException {
        man = new ManInTheMiddle(over.fake.address(), LATE);
    }

    @AfterEach
    void stop() {
        man.close();
        http1.close();
        http2.close();
    }

    private QwietClient client(QwietClients clients) {
        return clients.client(
                new ConnectionSettings(Duration.ofSeconds(2), CALL, null, "test"),
                new Organization(ApiAddress.parse(man.address()), over.organization.id()),
                SecretText.of(over.organization.serviceAccount()));
    }

    /** The next call meets it, and no other. */
    private void once(Meddling meddling) {
        var next = new AtomicReference<>(meddling);
        man.meddle(operation -> next.getAndSet(Meddling.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void aCreationIsSentOnceAndItsAnswerProvesNoMoreThanItDoes(Meddling meddling) {
        once(meddling);
        Outcome<MintedToken> outcome = client(http1).create(OverFake.TOKEN).join();
        if (meddling == Meddling.TURNED_AWAY) {
            assertThat(outcome).isInstanceOf(NotSent.class);
        } else if (meddling.answers() == Answers.QWIET && meddling != Meddling.CUT_IN_ANSWER) {
            assertThat(outcome).isInstanceOf(Done.class);
        } else {
            assertThat(outcome).isInstanceOf(Unsure.class);
        }
        if (meddling != Meddling.LATE) {
            assertThat(over.fake.calls(Operation.CREATE)).isEqualTo(meddling.arrivals());
            assertThat(over.organization.minted()).isEqualTo(meddling.arrivals());
        }
    }

    @ParameterizedTest
    @EnumSource
    void overHttp2WhatHappensToACallHappensToNoLaterOne(Meddling meddling) {
        QwietClient client = client(http2);
        assertThat(client.list(ListQuery.LIVE, token -> {}).join()).isInstanceOf(Done.class);
        once(meddling);
        client.list(ListQuery.LIVE, token -> {}).join();
        for (int i = 0; i < 3; i++) {
            String id = over.organization.add("x", "", null, "access").id();
            assertThat(client.delete(id).join()).isEqualTo(new Done<>(true));
            assertThat(client.list(ListQuery.LIVE, token -> {}).join()).isInstanceOf(Done.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void overHttp2NothingSaysThatATokenIsGoneWhichIsNot(Meddling meddling) {
        String id = over.organization.add("x", "", null, "access").id();
        QwietClient client = client(http2);
        once(meddling);
        Outcome<Boolean> outcome = client.delete(id).join();
        if (outcome instanceof Done) {
            assertThat(over.organization.liveTokens()).isEmpty();
        } else {
            assertThat(client.delete(id).join()).isInstanceOf(Done.class);
        }
    }

    @Test
    void theFirstPageOfAListIsNotTheWhole() {
        for (int i = 0; i < 4; i++) {
            over.organization.add("x" + i, "", null, "access");
        }
        once(Meddling.PAGED);
        List<Token> seen = new ArrayList<>();
        assertThat(client(http1).list(ListQuery.LIVE, seen::add).join()).isEqualTo(new Done<>(new Listed(2, false)));
        assertThat(seen).hasSize(2);
    }

    @Test
    void aHeldBackCreationMayStillMakeAToken() {
        once(Meddling.LATE);
        assertThat(client(http1).create(OverFake.TOKEN).join()).isInstanceOf(Unsure.class);
        assertThat(man.passedOn()).isEqualTo(1);
        assertThat(over.organization.minted()).isEqualTo(1);
    }
}
