package dev.tern.examples.nexmark;

/** Somebody who sells and bids. */
public record Person(
        long id,
        String name,
        String email,
        String creditCard,
        String city,
        String state,
        String extra) {}
