# What was changed, from what to what, and when a password was set.

BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Get-PgEdgeUserHistory' {
    BeforeEach {
        $file = New-UserFile
        Set-PgEdgeUser bob -Annotation Lead -Path $file -Reason 'Ticket 4711'
        Set-PgEdgeUser alice -Password (New-Secret $Passwords.new) -Path $file
        Disable-PgEdgeUser bob -Path $file
        Remove-PgEdgeUser charlie -Path $file -Confirm:$false
    }

    It 'says what changed from what to what, the oldest first' {
        $entries = Get-PgEdgeUserHistory -Path $file

        $entries.ForEach({ "$($_.Event) $($_.Username): $($_.Changes -join '; ')" }) | Should -Be @(
            "Changed bob: Annotation: 'Admin' -> 'Lead'"
            'Changed alice: Password: changed'
            'Changed bob: Status: Enabled -> Disabled'
            "Removed charlie: Status: Disabled; Annotation: 'Former emp'"
        )
        $entries[0].Reason | Should -Be 'Ticket 4711'
        $entries[0].Actor | Should -BeLike "*$([Environment]::UserName)*"
    }

    It 'selects users: <Command>' -ForEach @(
        @{ Command = { Get-PgEdgeUserHistory bob -Path $file }; Count = 2 }
        @{ Command = { 'bob', 'alice' | Get-PgEdgeUserHistory -Path $file }; Count = 3 }
        @{ Command = { Get-PgEdgeUserHistory C* -Path $file }; Count = 1 }
        @{ Command = { Get-PgEdgeUser bob -Path $file | Get-PgEdgeUserHistory }; Count = 2 }
        @{ Command = { Get-Item $file | Get-PgEdgeUserHistory }; Count = 4 }
        @{ Command = { Get-PgEdgeUserHistory nobody -Path $file }; Count = 0 }
    ) {
        & $Command | Should -HaveCount $Count
    }

    It 'takes a typed name literally if it is in the history' {
        Edit-UserFile $file '    alice:' '    "b[o]b":'
        Set-PgEdgeUser 'b[o]b' -Annotation New -Path $file

        (Get-PgEdgeUserHistory 'b[o]b' -Path $file).Username | Should -Be 'b[o]b'
        (Get-PgEdgeUserHistory 'b[o]?' -Path $file).Username | Should -Be bob, bob
    }

    It 'selects a time' {
        $time = (Get-PgEdgeUserHistory -Path $file)[2].Time

        Get-PgEdgeUserHistory -Before $time -Path $file | Should -HaveCount 2
        Get-PgEdgeUserHistory -After $time -Path $file | Should -HaveCount 2
    }

    It 'never shows a hash' {
        $entries = Get-PgEdgeUserHistory -Path $file

        $entries | ConvertTo-Json -Depth 9 | Should -Not -Match '\$2'
        $entries | Format-List * | Out-String | Should -Not -Match '\$2'
    }

    It 'does not record sign-ins' {
        $null = New-PgEdgeSession (New-Login alice $Passwords.new) -Path $file

        Get-PgEdgeUserHistory -Path $file | Should -HaveCount 4
    }

    It 'includes what a renamed user did under its earlier name' {
        Set-PgEdgeUser bob -Annotation one -Path $file
        Rename-PgEdgeUser bob robert -Path $file
        $null = New-PgEdgeUser bob -GeneratePassword -Path $file

        (Get-PgEdgeUserHistory robert -Path $file).Event | Select-Object -Last 2 | Should -Be Changed, Renamed
    }
}

Describe 'The history' {
    It 'can be turned off but not moved' {
        $file = New-UserFile
        $env:PGEDGE_AUTH_HISTORY_FILE = './history.jsonl'
        try {
            { Disable-PgEdgeUser bob -Path $file } | Should -Throw -ErrorId 'InvalidConfiguration,*'
        }
        finally {
            Remove-Item env:PGEDGE_AUTH_HISTORY_FILE
        }

        (Get-PgEdgeUser bob -Path $file).Status | Should -Be Enabled
    }
}

Describe 'PasswordLastSet' {
    BeforeEach {
        $file = New-UserFile
        $before = Get-Date
        Set-PgEdgeUser alice -Password (New-Secret $Passwords.new) -Path $file
    }

    It 'is when this module set the password, and unknown if another program did' {
        $alice, $bob = Get-PgEdgeUser alice, bob -Path $file

        $alice.PasswordLastSet | Should -BeGreaterOrEqual $before
        $alice.PasswordLastSet | Should -BeLessOrEqual (Get-Date)
        $bob.PasswordLastSet | Should -BeNullOrEmpty
    }

    It 'is unknown after another program set the password' {
        Edit-UserFile $file (Get-Field $file alice password_hash) (Get-Field $file bob password_hash)

        (Get-PgEdgeUser alice -Path $file).PasswordLastSet | Should -BeNullOrEmpty
    }

    It 'is the time of the creation for an unchanged password' {
        $dora = New-PgEdgeUser dora -GeneratePassword -Path $file

        $dora.PasswordLastSet | Should -Be $dora.CreatedAt
        (Get-PgEdgeUser dora -Path $file).PasswordLastSet | Should -Be $dora.CreatedAt
    }

    It 'is the original time after a restore' {
        $time = (Get-PgEdgeUser alice -Path $file).PasswordLastSet
        Remove-PgEdgeUser alice -Path $file -Confirm:$false
        Restore-PgEdgeUser alice -Path $file

        (Get-PgEdgeUser alice -Path $file).PasswordLastSet | Should -Be $time
    }

    It 'selects users by age, without those whose password age is unknown' {
        (Get-PgEdgeUser -PasswordOlderThan '0.00:00:00' -Path $file).Username | Should -Be alice
        Get-PgEdgeUser -PasswordOlderThan 1d -Path $file | Should -BeNullOrEmpty
    }
}
