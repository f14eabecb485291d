# What the cmdlets that change accounts say about the sessions of a running server, which they cannot end.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/server.ps1
    $new = New-Secret $Passwords.new
}

Describe 'The sessions of a running server' {
    BeforeEach {
        $file = New-UserFile
        $second = New-UserFile
        # A running server watches the folder of its user file.
        $watcher = Start-Helper watch (Split-Path $file)
        $null = $watcher.StandardOutput.ReadLine()
    }

    AfterEach {
        Stop-Helper $watcher
    }

    It 'are warned of once: <Command>' -ForEach @(
        @{ Command = { Disable-PgEdgeUser alice -Path $file }; Words = 'enabling the user within that time revives it' }
        @{ Command = { 'alice', 'bob' | Disable-PgEdgeUser -Path $file }; Words = 'To end it, restart the server' }
        @{ Command = { Disable-PgEdgeUser * -Path $file }; Words = 'To end it, restart the server' }
        @{ Command = { Remove-PgEdgeUser alice, bob -Confirm:$false -Path $file }; Words = 'restart it' }
        @{ Command = { Rename-PgEdgeUser alice dora -Path $file }; Words = 'restart it' }
        @{ Command = { Set-PgEdgeUser alice, bob -Password $new -Path $file }; Words = 'opened with the old password' }
        @{
            Command = { $file, $second | ForEach-Object { Get-PgEdgeUser alice -Path $_ } | Disable-PgEdgeUser }
            Words = 'To end it, restart the server'
        }
    ) {
        $warnings = (Invoke-Script $Command).Warnings

        $warnings | Should -HaveCount 1
        $warnings | Should -Match $Words
    }

    It 'are warned of after all passwords were set and returned, even if the warning stops the pipeline' {
        $users = [System.Collections.Generic.List[object]]::new()
        {
            'alice', 'bob' | Set-PgEdgeUser -GeneratePassword -Path $file -WarningAction Stop |
                ForEach-Object { $users.Add($_) }
        } | Should -Throw -ErrorId 'ActionPreferenceStop,*'

        $users.Username | Should -Be alice, bob
        foreach ($user in $users) {
            $login = [pscredential]::new($user.Username, $user.GeneratedPassword)
            (New-PgEdgeSession $login -Path $file).Username | Should -Be $user.Username
        }
    }

    It 'are not mentioned if none is affected: <_>' -ForEach @(
        { New-PgEdgeUser dora -Password $new -Path $file }
        { Enable-PgEdgeUser charlie -Path $file }
        { Set-PgEdgeUser alice -Annotation 'On leave' -Path $file }
        { Disable-PgEdgeUser charlie -Path $file }
        { Remove-PgEdgeUser alice -WhatIf -Path $file }
    ) {
        $result = Invoke-Script $_

        $result.Errors | Should -BeNullOrEmpty
        $result.Warnings | Should -BeNullOrEmpty
    }

    It 'are not mentioned if no server may be running' {
        (Invoke-Script { Disable-PgEdgeUser alice -Path $second }).Warnings | Should -BeNullOrEmpty
    }
}
